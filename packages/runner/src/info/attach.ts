import type { Attachment } from '@chaos/spec';
import { callerLocation } from '../data/call-location.js';
import { printed } from '../data/plain.js';
import { checkAttachment, keepAttachment, type AttachmentGiven } from './attachment.js';
import { started } from './started.js';
import { attachToStep, stepLog, type RunningStep, type Stepped } from './step-log.js';

/** A file, or a body, of an attachment. */
export type AttachOptions = Omit<AttachmentGiven, 'name'>;

interface Attachable extends Stepped {
  readonly attachments: Attachment[];
  readonly outputDir: string;
}

/** Adds an attachment to an attempt: to `step`, or as a step of its own where a report asks for those. */
export function attach(info: Attachable, name: string, options: AttachOptions, step?: RunningStep): Promise<void> {
  const log = stepLog(info);
  const isOwnStep = step === undefined && log.every;
  const location = isOwnStep ? callerLocation() : undefined;
  const keep = async (): Promise<void> => {
    const given = checkAttachment(name, options);
    const title = `Attach ${JSON.stringify(name)}`;
    const own = isOwnStep
      ? log.begin({ title, category: 'test.attach', ...(location?.file && { location }) })
      : undefined;
    const holder = step ?? own;
    try {
      info.attachments.push(await keepAttachment(given, info.outputDir, info.attachments.length));
      if (holder !== undefined) attachToStep(holder, info.attachments.length - 1);
    } finally {
      if (own !== undefined) log.end(own);
    }
  };
  return started(`attach(${printed(name)})`, keep, { quiet: true });
}
