export { account, session, user, verification } from './account';
export { chat } from './chat';
export { document, documentVersion, suggestion, VERSION_PRIMARY_KEY } from './document';
export { instance } from './instance';
export { message } from './message';
export { rateLimit } from './rate-limit';
export { run, runLog } from './run';
export { setting } from './setting';
export { userSetting } from './user-setting';
