import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { PROGRAMMATIC_EDIT } from '@/artifacts/code/editor/user-edit';

/** Whoever is this near to the end wants to see what comes. */
const NEAR_END_PX = 60;

/** Knows whether the person looks at the end of the text. */
export const stickToEndPlugin = ViewPlugin.define(
  ({ scrollDOM }) => {
    let lastScrollTop = 0;
    let lastClientHeight = scrollDOM.clientHeight;
    const plugin = {
      isAtEnd: true,
      updateIsAtEnd() {
        const { scrollTop, scrollHeight, clientHeight } = scrollDOM;
        const isNearEnd = scrollHeight - clientHeight - scrollTop <= NEAR_END_PX;
        // What has grown is below: only who goes up has left the end.
        if (isNearEnd) plugin.isAtEnd = true;
        else if (scrollTop < lastScrollTop) plugin.isAtEnd = false;
        lastScrollTop = scrollTop;
      },
      /** What takes room beside the text, as a bar that comes with its end, hides no line of that end. */
      update({ geometryChanged, view }: ViewUpdate) {
        if (!geometryChanged) return;
        view.requestMeasure({
          key: plugin,
          read: () => scrollDOM.clientHeight,
          write: (now) => {
            const left = scrollDOM.scrollHeight - scrollDOM.scrollTop - lastClientHeight;
            if (now < lastClientHeight && left <= NEAR_END_PX)
              scrollDOM.scrollTop = scrollDOM.scrollHeight;
            lastClientHeight = now;
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
 * Adds to the end of what is shown, and keeps the end in view where the person is there.
 * It is no edit: it cannot be undone, and is told to nobody.
 */
export function appendText(view: EditorView, text: string): void {
  const wasAtEnd = view.plugin(stickToEndPlugin)?.isAtEnd;
  const changes = { from: view.state.doc.length, insert: text };
  view.dispatch({ changes, annotations: PROGRAMMATIC_EDIT });
  // By itself: a place beyond the old end would be taken for the old end.
  const end = view.state.doc.length;
  if (wasAtEnd) view.dispatch({ effects: EditorView.scrollIntoView(end, { y: 'end' }) });
}
