export { certificates, type Certificate, type Certificates } from './certificates.ts';
export type { HostileCase, HostileExpectation, HostileTarget } from './hostile/case.ts';
export { hostileCases } from './hostile/cases.ts';
export { openHostile, type HostileReceiver } from './hostile/open-hostile.ts';
export { openHostileProcess, type HostileProcess } from './hostile/other-process.ts';
export {
  openReceiver,
  type Answer,
  type ReceivedRequest,
  type Receiver,
  type ReceiverInput,
} from './open-receiver.ts';
