import type { InboxRequest } from '@posthorn/sdk';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

export const STEPS = ['secret', 'inbox', 'webhook', 'test', 'arrival'] as const;
export type Step = (typeof STEPS)[number];

export interface Arrived {
  readonly request: InboxRequest;
  /** The one that was made for it; null: there was one. */
  readonly secret: string | null;
}

/** How often the inbox is looked into, and how often at most: the first try of a call is over then. */
const LOOK_MS = 300;
const LOOKS = 100;

/** Makes a webhook to an inbox and sees a test through; says which step it is at. */
export function useFirstWebhook(name: string) {
  const [step, setStep] = useState<Step | null>(null);
  const { mutate, data, error, isPending } = useMutation({
    async mutationFn(action: string): Promise<Arrived> {
      setStep('secret');
      const { isSet } = await posthorn.secrets.get('default');
      const secret = isSet ? null : (await posthorn.secrets.generate('default')).secret;
      setStep('inbox');
      const inbox = await posthorn.inboxes.create();
      setStep('webhook');
      const webhook = await posthorn.webhooks.create({ name, actions: [action], url: inbox.url });
      setStep('test');
      await posthorn.webhooks.test(webhook.id);
      setStep('arrival');
      const request = await arrivalAt(inbox.id);
      return { request, secret };
    },
    onSettled: () => queryClient.invalidateQueries(),
  });
  return { start: mutate, step, arrived: data, error, isPending };
}

async function arrivalAt(inbox: string): Promise<InboxRequest> {
  for (let look = 0; look < LOOKS; look++) {
    const [request] = await posthorn.inboxes.requests(inbox).take(1);
    if (request !== undefined) return request;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new NotArrived('Nothing arrived in the inbox.');
}

/** The call was not made, or not well; the deliveries of the webhook say why. */
export class NotArrived extends Error {}
