// The server as a process of its own, for the tests of packages that know it by HTTP alone.
export { eventually } from '../../server/test/eventually.ts';
export {
  API_KEY,
  newDataDir,
  removeDataDir,
  type Started,
  startServer,
} from '../../server/test/start.ts';
