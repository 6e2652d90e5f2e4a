import { OPTIONS } from '../config/options.ts';
import { readConfig, unknownVariables } from '../config/read.ts';
import { serve as runService } from '../serve/serve.ts';
import { type Command, listOptions } from './command.ts';

/** The service itself: it goes on after `run` until a signal ends the process. */
export const serve: Command = {
  usage: `posthorn-server serve [--port 4665] [--data-dir ./data] …

Runs the service. Every option is a variable or a flag:
${listOptions(OPTIONS)}
`,
  run({ environment, flags, version }) {
    const config = readConfig(environment, flags);
    return runService({ config, version, unknown: unknownVariables(environment) });
  },
};
