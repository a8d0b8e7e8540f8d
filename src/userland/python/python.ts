/** python3(1): CPython 3.11 in WebAssembly over our system calls. */
import type { Program } from '../../uapi/syscalls.ts';
import type { PythonAssets, PythonFiles } from './assets.ts';
import { Interpreter } from './interpreter.ts';
import { Progress } from './progress.ts';
import { StandardLibrary } from './stdlib.ts';

export function pythonProgram(assets: PythonAssets): Program {
  const libraries = new WeakMap<PythonFiles, StandardLibrary>();
  const libraryOf = (files: PythonFiles): StandardLibrary => {
    const library = libraries.get(files) ?? new StandardLibrary(files.stdlib);
    libraries.set(files, library);
    return library;
  };
  return async (sys, argv, envp) => {
    const progress = new Progress(sys);
    const files = await assets.load((done, total) => progress.show(done, total));
    await progress.clear();
    const interpreter = await Interpreter.start(files.wasm, libraryOf(files), { sys, argv, envp });
    return interpreter.run();
  };
}
