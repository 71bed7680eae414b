import { after } from 'next/server';
import { clientAddress } from '@/lib/auth/address';
import { requireIdentity } from '@/lib/auth/identify';
import { resumeInput, sendMessageInput } from '@/lib/chat/input';
import { resumeChat } from '@/lib/chat/resume-chat';
import { sendMessage } from '@/lib/chat/send-message';
import { getConfig } from '@/lib/config';
import { parseInput, readJson, route } from '@/lib/http/route';
import { streamResponse } from '@/lib/http/stream-response';

export const POST = route(async (request) => {
  const identity = await requireIdentity(request.headers);
  const body = await readJson(request, sendMessageInput);
  const { background, ...sent } = await sendMessage(
    identity,
    body,
    clientAddress(request.headers, getConfig().limits.trustedProxies),
  );
  // Where the platform freezes a process after its response, this keeps it for the run.
  after(background);
  return streamResponse(sent);
});

export const GET = route(async (request) => {
  const identity = await requireIdentity(request.headers);
  const { searchParams } = new URL(request.url);
  const { chatId, after: line } = parseInput(resumeInput, Object.fromEntries(searchParams));
  return streamResponse(await resumeChat(identity, chatId, line));
});
