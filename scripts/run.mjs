// Runs a script of this folder: `node scripts/run.mjs start`. Plain JavaScript, so that an old Node
// can still print why it does not work.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9)) {
  console.error(
    `Throughline needs Node 20.9 or newer; this is Node ${process.versions.node}.\nInstall a newer version from https://nodejs.org (or: nvm install --lts), then try again.`,
  );
  process.exit(1);
}
if (!existsSync(new URL('../node_modules/tsx/package.json', import.meta.url))) {
  console.error('The packages are not installed yet. Run "npm ci" first.');
  process.exit(1);
}
const { register } = await import('tsx/esm/api');
register();
try {
  await import(new URL(`./${process.argv[2]}.ts`, import.meta.url).href);
} catch (error) {
  const { printFailure } = await import(new URL('./lib/steps.ts', import.meta.url).href);
  printFailure(error);
  process.exit(1);
}
