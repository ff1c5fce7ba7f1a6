import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TestRow } from '../../data/report-data.js';
import { duration } from '../format.js';
import { Text } from '../parts/text.js';
import { Sign } from '../parts/verdict.js';
import { href } from '../router.js';

interface RowProps {
  readonly row: TestRow;
  readonly isSelected?: boolean;
  readonly heading?: boolean;
}

/** A test in a list; with the heading of its category where one begins. */
export function Row({ row, isSelected = false, heading = false }: RowProps): VNode {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const { id, chaosId, path = [], title, verdict, attempts, message } = row;
  return (
    <>
      {heading && (
        <li class="category">
          <h2>
            <Text>{row.category}</Text>
          </h2>
        </li>
      )}
      <li ref={item} class={`test ${isSelected ? 'selected' : ''}`}>
        <a href={href('test', { testId: id })}>
          <Sign verdict={verdict} />
          <span class="what">
            <span class="title">
              {chaosId !== undefined && <b>{chaosId} </b>}
              {path.length > 0 && (
                <span class="dim">
                  <Text>{`${path.join(' › ')} › `}</Text>
                </span>
              )}
              <Text>{title}</Text>
            </span>
            {message !== undefined && verdict !== 'passed' && (
              <span class="message">
                <Text>{message}</Text>
              </span>
            )}
            <Facts row={row} />
          </span>
          <span class="time">{attempts > 0 ? duration(row.durationMs) : ''}</span>
        </a>
      </li>
    </>
  );
}

function Facts({ row }: { readonly row: TestRow }): VNode {
  const { file, line, project, tags = [], faults = [], attempts } = row;
  return (
    <span class="dim small">
      <span class="place">
        {file}:{line}
      </span>
      {project !== undefined && (
        <span class="tag">
          <Text>{project}</Text>
        </span>
      )}
      {tags.map((tag) => (
        <span class="tag" key={tag}>
          <Text>{tag}</Text>
        </span>
      ))}
      {faults.slice(0, 3).map((fault) => (
        <span class="fault" key={fault}>
          <Text>{fault}</Text>
        </span>
      ))}
      {attempts > 1 && <span>{attempts} attempts</span>}
    </span>
  );
}
