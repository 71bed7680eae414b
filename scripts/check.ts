import { spawnSync } from 'node:child_process';
import { checkCompose } from './check-compose';
import { PROJECT } from './lib/paths';
import { Problem, sayFailure, step } from './lib/steps';

/** Everything that can be told without running the app: `npm run check`. */

const PROGRAMS: [name: string, ...command: string[]][] = [
  ['Types', 'node_modules/typescript/bin/tsc', '--noEmit'],
  ['Lint, format', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  ['Unused code', 'node_modules/knip/bin/knip.js'],
];

try {
  for (const [name, ...command] of PROGRAMS) {
    await step(name, '', async () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, command, {
        cwd: PROJECT,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Problem(`${stdout}${stderr}`);
      return { result: 'fine', value: null };
    });
  }
  await step('Compose file', '', async () => {
    const problems = await checkCompose();
    if (problems.length > 0) throw new Problem(`docker-compose.yml:\n  ${problems.join('\n  ')}`);
    return { result: 'fine', value: null };
  });
} catch (error) {
  sayFailure(error);
  process.exitCode = 1;
}
