export type { Action, ActionWithSchema } from './calls/actions.ts';
export type { App, AppWithKeys } from './calls/apps.ts';
export { AUDITED, type Audited, type AuditEntry, type AuditQuery } from './calls/audit.ts';
export type {
  Attempt,
  CertificateProblem,
  Delivery,
  DeliveryQuery,
  DeliveryState,
  DeliveryWithAttempts,
  Resent,
} from './calls/deliveries.ts';
export type {
  ActionGiven,
  EventQuery,
  EventWithDeliveries,
  PostedEvent,
  ReportedEvent,
  ReportedRecord,
  ReportOptions,
} from './calls/events.ts';
export type { Inbox, InboxRequest, ListedInbox, SignatureVerdict } from './calls/inboxes.ts';
export type { Key, KeyInput, NewKey, Scope } from './calls/keys.ts';
export type { LiveKind, LiveMessage, LiveQuery } from './calls/live.ts';
export type { Location } from './calls/locations.ts';
export type { MeChange, TotpProposal } from './calls/me.ts';
export type { Notice } from './calls/notices.ts';
export type { Lately, Overview } from './calls/overview.ts';
export type { NewPerson, Person, PersonChange, PersonInput } from './calls/people.ts';
export type {
  RevealedSecret,
  SecretScope,
  SecretSet,
  SecretState,
  SetSecretOptions,
} from './calls/secrets.ts';
export type { Role, Session, SetupInput, SignInInput, SignInWays } from './calls/session.ts';
export type { PublicSigningKey, SigningKey } from './calls/signing-key.ts';
export type {
  CallPreview,
  Checked,
  HealthQuery,
  PreviewInput,
  Summary,
  WaitingSum,
  UrlCheck,
  Warning,
  Webhook,
  WebhookChange,
  WebhookHealth,
  WebhookInput,
  WebhookQuery,
  WebhookState,
  WebhookWithWaiting,
  WithDay,
} from './calls/webhooks.ts';
export { createClient, type Posthorn } from './client.ts';
export { PosthornError, type PosthornErrorCode } from './error.ts';
export type { List, Page, PageQuery } from './pages.ts';
export type * from './records.ts';
export type { CallOptions, ClientOptions } from './request.ts';
export {
  type Call,
  type CallOf,
  SignatureError,
  type SignatureProblem,
  verify,
  type VerifyInput,
} from './verify.ts';
