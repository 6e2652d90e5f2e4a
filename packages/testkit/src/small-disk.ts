import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, in memory, of a known size: it can be full without harm to any other. */
export interface SmallDisk {
  /** An empty folder in which everybody may write. */
  readonly dir: string;
  /** Fills it to the last byte: whatever is written from now on meets ENOSPC. */
  fill(): void;
  /** Takes away what {@link fill} wrote. */
  free(): void;
  close(): void;
}

/** Why there can be no small disk here; null: there can. */
export const noSmallDisk: string | null =
  process.platform !== 'linux'
    ? 'wants Linux'
    : process.getuid?.() !== 0
      ? 'wants root, to mount a disk'
      : canMount()
        ? null
        : 'wants a system that lets root mount';

export function openSmallDisk({ mib }: { readonly mib: number }): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=1777`, 'posthorn-test', dir]);
  const filling = join(dir, 'filling');
  const unmount = () => execFileSync('umount', ['--lazy', dir]);
  process.once('exit', unmount);
  return {
    dir,
    fill() {
      const file = openSync(filling, 'a');
      for (const bytes of [1 << 20, 4096, 1]) fillBy(file, Buffer.alloc(bytes));
      closeSync(file);
    },
    free: () => rmSync(filling, { force: true }),
    close() {
      process.off('exit', unmount);
      unmount();
      rmdirSync(dir);
    },
  };
}

function fillBy(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

/** Root in a container often may not. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'posthorn-test', dir], {
      stdio: 'ignore',
    });
    execFileSync('umount', [dir]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(dir);
  }
}
