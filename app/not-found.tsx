import type { Metadata } from 'next';
import { Notice } from '@/components/ui/notice';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <Notice title="There is nothing here">
      This chat does not exist any more, or it belongs to somebody else. Your own chats are still
      where they were.
    </Notice>
  );
}
