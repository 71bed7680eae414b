import { after } from 'next/server';
import { requireIdentity } from '@/lib/auth/identify';
import { resumeInput, sendMessageInput } from '@/lib/chat/input';
import { resumeChat } from '@/lib/chat/resume-chat';
import { sendMessage } from '@/lib/chat/send-message';
import { methods } from '@/lib/http/methods';
import { addressOf, parseInput, readJson, route } from '@/lib/http/route';
import { streamResponse } from '@/lib/http/stream-response';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const body = await readJson(request, sendMessageInput);
    const { background, ...sent } = await sendMessage(identity, body, addressOf(request.headers));
    // Where the platform freezes a process after its response, this keeps it for the run.
    after(background);
    return streamResponse(sent);
  }),

  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const { searchParams } = new URL(request.url);
    const { chatId, after: line } = parseInput(resumeInput, Object.fromEntries(searchParams));
    return streamResponse(await resumeChat(identity, chatId, line, addressOf(request.headers)));
  }),
});
