/** The kernels that an answer can be for. */
export { type KernelVersion, kernelVersion } from '../kernel/init/version.ts';
