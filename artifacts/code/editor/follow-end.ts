import { EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { NOT_BY_HAND } from '@/artifacts/code/editor/by-hand';

/** Whoever is this near to the end wants to see what comes. */
const NEAR_PX = 60;

/** Knows whether the person looks at the end of the text. */
export const followEnd = ViewPlugin.define(
  ({ scrollDOM }) => {
    let top = 0;
    let height = scrollDOM.clientHeight;
    const plugin = {
      atEnd: true,
      look() {
        const { scrollTop, scrollHeight, clientHeight } = scrollDOM;
        const near = scrollHeight - clientHeight - scrollTop <= NEAR_PX;
        // What has grown is below: only who goes up has left the end.
        if (near) plugin.atEnd = true;
        else if (scrollTop < top) plugin.atEnd = false;
        top = scrollTop;
      },
      /** What takes room beside the text, as a bar that comes with its end, hides no line of that end. */
      update({ geometryChanged, view }: ViewUpdate) {
        if (!geometryChanged) return;
        view.requestMeasure({
          key: plugin,
          read: () => scrollDOM.clientHeight,
          write: (now) => {
            const left = scrollDOM.scrollHeight - scrollDOM.scrollTop - height;
            if (now < height && left <= NEAR_PX) scrollDOM.scrollTop = scrollDOM.scrollHeight;
            height = now;
          },
        });
      },
    };
    return plugin;
  },
  {
    eventObservers: {
      scroll() {
        this.look();
      },
    },
  },
);

/**
 * Adds to the end of what is shown, and keeps the end in view where the person is there.
 * It is no edit: it cannot be undone, and is told to nobody.
 */
export function append(view: EditorView, text: string): void {
  const follow = view.plugin(followEnd)?.atEnd;
  const changes = { from: view.state.doc.length, insert: text };
  view.dispatch({ changes, annotations: NOT_BY_HAND });
  // By itself: a place beyond the old end would be taken for the old end.
  const end = view.state.doc.length;
  if (follow) view.dispatch({ effects: EditorView.scrollIntoView(end, { y: 'end' }) });
}
