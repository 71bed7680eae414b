import { after } from 'next/server';
import { requireIdentity } from '@/lib/server/account/authenticate';
import { resumeQuerySchema, sendMessageSchema } from '@/lib/server/chat/input';
import { resumeChat } from '@/lib/server/chat/resume-chat';
import { sendMessage } from '@/lib/server/chat/send-message';
import { streamResponse } from '@/lib/server/chat/stream-response';
import { defineMethods } from '@/lib/server/http/define-methods';
import { parseInput, readJson, requestAddress, route } from '@/lib/server/http/route';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  POST: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const body = await readJson(request, sendMessageSchema);
    const { background, ...stream } = await sendMessage(
      identity,
      body,
      requestAddress(request.headers),
    );
    // On platforms that freeze a process after the response, `after` keeps it alive for the run.
    after(background);
    return streamResponse(stream);
  }),

  GET: route(async (request) => {
    const identity = await requireIdentity(request.headers);
    const { searchParams } = new URL(request.url);
    const query = parseInput(resumeQuerySchema, Object.fromEntries(searchParams));
    return streamResponse(await resumeChat(identity, query, requestAddress(request.headers)));
  }),
});
