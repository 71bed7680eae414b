import { describe, expect, test } from 'vitest';
import { errorFromStatus } from '@/lib/server/models/adapter/failure';
import { isSystemRoleError } from '@/lib/server/models/system-role-fallback';
import { isToolsError } from '@/lib/server/models/tools-fallback';

const error = (status: number, message: string) =>
  errorFromStatus(status, JSON.stringify({ error: { message } }));

describe('a rejection of tools', () => {
  test.each([
    [400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
    [400, 'registry.ollama.ai/library/gemma:latest does not support tools'],
    [500, 'tools param requires --jinja flag'],
    [404, 'No endpoints found that support tool use.'],
    [501, 'Function calling is not implemented'],
    [422, 'Template error: tools are not supported'],
    [400, "Invalid 'messages[2].tool_calls[0].function.name': string does not match pattern."],
    [400, "Unexpected role 'tool' after role 'user'"],
  ])('is recognized in %i %s', (status, message) => {
    expect(isToolsError(error(status, message))).toBe(true);
  });

  test.each([
    [400, 'temperature too high'],
    [500, 'CUDA out of memory'],
    [401, 'this key may not use tools'],
    [429, 'too many tools in use'],
  ])('is not recognized in %i %s', (status, message) => {
    expect(isToolsError(error(status, message))).toBe(false);
  });
});

describe('a rejection of the system role', () => {
  test.each([
    [400, 'System role not supported'],
    [500, 'System role not supported at row 1, column 60'],
    [422, 'Template error: invalid operation: System role not supported'],
    [400, 'Developer instruction is not enabled for models/gemma-3-27b-it'],
    [400, "Unsupported value: 'messages[0].role' does not support 'system' with this model."],
    [400, 'Conversation roles must alternate user/assistant/user/assistant/...'],
    [400, 'Only user and assistant roles are supported!'],
    [400, "This model doesn't support system messages. Try again without a system message."],
    [400, 'Invalid role: system'],
  ])('is recognized in %i %s', (status, message) => {
    expect(isSystemRoleError(error(status, message))).toBe(true);
  });

  test.each([
    [400, 'temperature too high'],
    [500, 'The operating system is out of memory'],
    [400, 'System message: context length exceeded'],
  ])('is not recognized in %i %s', (status, message) => {
    expect(isSystemRoleError(error(status, message))).toBe(false);
  });
});
