/** Files that the sandbox build includes as text. */
declare module '*.py' {
  const text: string;
  export default text;
}
