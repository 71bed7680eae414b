export { account, session, user, verification } from './account';
export { chat } from './chat';
export { document, documentVersion, suggestion } from './document';
export { instance } from './instance';
export { message } from './message';
export { run, runLog } from './run';
export { setting } from './setting';
