import type { KnipConfig } from 'knip';

/** What nobody imports, and what is imported and not declared. */
export default {
  workspaces: {
    '.': {
      entry: ['{examples,scripts}/*.ts'],
      project: ['{examples,scripts}/**/*.ts', '*.{ts,mjs}'],
    },
    'packages/*': {
      // `thread.ts` is started by its URL and imported by nobody.
      entry: ['bin/*.js', 'src/{main,index}.ts', 'src/**/*thread.ts', '{src,test}/**/*.test.ts'],
      project: ['{src,test}/**/*.{ts,tsx}'],
    },
    'packages/ui': {
      entry: ['{src,test}/**/*.test.ts'],
      project: ['{src,test}/**/*.{ts,tsx}', '*.ts'],
    },
  },
  // `cold.ts` spreads each of these files into one list, which knip does not follow.
  ignoreIssues: { 'packages/server/src/store/operations/*.ts': ['exports'] },
  // Tests look for the processes of a PostgreSQL server and mount small disks, where they can.
  ignoreBinaries: ['mount', 'ps', 'umount'],
  // A type that is exported for the signature it appears in is part of that signature.
  ignoreExportsUsedInFile: true,
} satisfies KnipConfig;
