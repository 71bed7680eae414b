export type ConfigProblem = { variable: string; problem: string; example: string };

/** Everything that is wrong with the environment, in one readable message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ variable, problem, example }) =>
        `  ${variable} ${problem}.\n      For example: ${variable}=${example}`,
    );
    super(`The configuration is not right:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
