/** Written by `theme-variables.ts` while building. */
declare module 'virtual:theme-variables.css';
