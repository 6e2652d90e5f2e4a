/** The page of a webhook, or of one that is to be made. */
export const pathOfWebhook = (webhook: number | 'new') => `/webhooks/${webhook}`;
