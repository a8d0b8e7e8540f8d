declare module '*.css?inline' {
  const text: string;
  export default text;
}

interface ImportMeta {
  readonly env: { readonly DEV: boolean };
}

declare module '*?worker&url' {
  const url: string;
  export default url;
}
