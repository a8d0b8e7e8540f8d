/** getenv(3) over an environment vector. */
export function getenv(envp: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`;
  return envp.find((entry) => entry.startsWith(prefix))?.slice(prefix.length);
}
