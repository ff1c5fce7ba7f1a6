import type { VNode } from 'preact';
import type { AttachmentLink } from '../../data/report-data.js';
import { Lines, Text } from '../parts/text.js';

interface AttachmentsProps {
  readonly attachments: readonly AttachmentLink[];
  readonly kind: 'pictures' | 'others';
}

/** Pictures stand above the timeline: the anomaly of a history is one. Everything else is below. */
export function Attachments({ attachments, kind }: AttachmentsProps): VNode | null {
  const fitting = attachments.filter((each) => isPicture(each) === (kind === 'pictures'));
  if (fitting.length === 0) return null;
  return (
    <section aria-label={kind === 'pictures' ? 'Pictures' : 'Attachments'}>
      {kind === 'others' && <h2>Attachments</h2>}
      {fitting.map((each, number) => (
        <Attached attachment={each} key={number} />
      ))}
    </section>
  );
}

function isPicture({ contentType, href }: AttachmentLink): boolean {
  return href !== undefined && (contentType.startsWith('image/') || contentType.startsWith('text/html'));
}

function Attached({
  attachment: { name, contentType, href, text, missing },
}: {
  readonly attachment: AttachmentLink;
}): VNode {
  if (missing !== undefined)
    return (
      <p>
        <Text>{name}</Text>{' '}
        <span class="dim">
          is not here: <Text>{missing}</Text>
        </span>
      </p>
    );
  if (text !== undefined)
    return (
      <details class="block">
        <summary>
          <Text>{name}</Text> <span class="dim">{contentType}</span>
        </summary>
        <Lines text={text} />
      </details>
    );
  // A page that a test attached runs no script here, and belongs to no origin.
  if (contentType.startsWith('text/html'))
    return (
      <figure class="picture">
        <figcaption>
          <Text>{name}</Text>
        </figcaption>
        <iframe src={href} title={name} sandbox="" loading="lazy" />
      </figure>
    );
  if (contentType.startsWith('image/'))
    return (
      <figure class="picture">
        <figcaption>
          <Text>{name}</Text>
        </figcaption>
        <img src={href} alt={name} />
      </figure>
    );
  return (
    <p>
      <a href={href} download={name}>
        <Text>{name}</Text>
      </a>{' '}
      <span class="dim">{contentType}</span>
    </p>
  );
}
