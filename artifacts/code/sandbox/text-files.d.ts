/** Files that the build of the sandbox takes in as text. */
declare module '*.py' {
  const text: string;
  export default text;
}
