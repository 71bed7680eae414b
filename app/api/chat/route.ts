import { after } from 'next/server';
import { requireIdentity } from '@/lib/auth/identify';
import { resumeQuerySchema, sendMessageSchema } from '@/lib/chat/input';
import { resumeChat } from '@/lib/chat/resume-chat';
import { sendMessage } from '@/lib/chat/send-message';
import { defineMethods } from '@/lib/http/methods';
import { parseInput, readJson, requestAddress, route } from '@/lib/http/route';
import { streamResponse } from '@/lib/http/stream-response';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  POST: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const body = await readJson(request, sendMessageSchema);
    const { background, ...stream } = await sendMessage(
      identity,
      body,
      requestAddress(request.headers),
    );
    // Where the platform freezes a process after its response, this keeps it for the run.
    after(background);
    return streamResponse(stream);
  }),

  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const { searchParams } = new URL(request.url);
    const { chatId, after: line } = parseInput(resumeQuerySchema, Object.fromEntries(searchParams));
    return streamResponse(
      await resumeChat(identity, chatId, line, requestAddress(request.headers)),
    );
  }),
});
