export type ConfigProblem = { variable: string; problem: string; example: string };

/** Lists all problems of the environment in one message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ variable, problem, example }) =>
        `  ${variable} ${problem}.\n      For example: ${variable}=${example}`,
    );
    super(`Invalid configuration:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
