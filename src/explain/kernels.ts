/** The kernels that an answer can be for. */
export { CURRENT_LINUX, type KernelVersion, kernelVersion, type Release } from '../kernel/init/version.ts';
