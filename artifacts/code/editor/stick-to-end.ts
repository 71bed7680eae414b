import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { PROGRAMMATIC_EDIT } from '@/artifacts/code/editor/user-edit';

/** A view this close to the end counts as being at the end. */
const NEAR_END_PX = 60;

/** Tracks whether the view is at the end of the text. */
export const stickToEndPlugin = ViewPlugin.define(
  ({ scrollDOM }) => {
    let lastScrollTop = 0;
    let lastClientHeight = scrollDOM.clientHeight;
    const plugin = {
      isAtEnd: true,
      updateIsAtEnd() {
        const { scrollTop, scrollHeight, clientHeight } = scrollDOM;
        const isNearEnd = scrollHeight - clientHeight - scrollTop <= NEAR_END_PX;
        // Appended text grows below the view: only scrolling up leaves the end.
        if (isNearEnd) plugin.isAtEnd = true;
        else if (scrollTop < lastScrollTop) plugin.isAtEnd = false;
        lastScrollTop = scrollTop;
      },
      /** Keeps the last line visible when the viewport shrinks, such as when a bar appears. */
      update({ geometryChanged, view }: ViewUpdate) {
        if (!geometryChanged) return;
        view.requestMeasure({
          key: plugin,
          read: () => scrollDOM.clientHeight,
          write: (clientHeight) => {
            const remaining = scrollDOM.scrollHeight - scrollDOM.scrollTop - lastClientHeight;
            if (clientHeight < lastClientHeight && remaining <= NEAR_END_PX)
              scrollDOM.scrollTop = scrollDOM.scrollHeight;
            lastClientHeight = clientHeight;
          },
        });
      },
    };
    return plugin;
  },
  {
    eventObservers: {
      scroll() {
        this.updateIsAtEnd();
      },
    },
  },
);

/**
 * Appends text, and keeps the end in view if the view was there.
 * It does not count as a user edit: it cannot be undone, and `onEdit` is not called.
 */
export function appendText(view: EditorView, text: string): void {
  const wasAtEnd = view.plugin(stickToEndPlugin)?.isAtEnd;
  const changes = { from: view.state.doc.length, insert: text };
  view.dispatch({ changes, annotations: PROGRAMMATIC_EDIT });
  // A separate transaction: the view clips scroll targets to the text before the transaction.
  const end = view.state.doc.length;
  if (wasAtEnd) view.dispatch({ effects: EditorView.scrollIntoView(end, { y: 'end' }) });
}
