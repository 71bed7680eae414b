import { OpenChat } from '@/components/chat/open-chat';

export default function NewChatPage() {
  return <OpenChat />;
}
