/** The interface of this folder for the rest of the server. */
export { getJson } from './adapter/get-json';
export { MAX_TOOL_CALLS } from './adapter/tool-calls';
export { continuationOptions } from './continuation';
export { startDemoModel } from './demo/start-demo-model';
export {
  listModels,
  type ResolvedModel,
  registerDemoEndpoint,
  resolveModel,
} from './discovery';
export { toAppError } from './to-app-error';
