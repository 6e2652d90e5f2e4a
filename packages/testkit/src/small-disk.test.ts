import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { noSmallDisk, openSmallDisk } from './small-disk.ts';

it.skipIf(noSmallDisk)(
  `a small disk is full to the last byte, then free, then gone${noSmallDisk ? ` (${noSmallDisk})` : ''}`,
  () => {
    const disk = openSmallDisk({ mib: 2 });
    const write = () => writeFileSync(join(disk.dir, 'one'), Buffer.alloc(5000));
    write();
    disk.fill();
    expect(() => writeFileSync(join(disk.dir, 'two'), 'x')).toThrow('ENOSPC');
    disk.free();
    write();
    disk.close();
    expect(existsSync(disk.dir) && readdirSync(disk.dir)).toBe(false);
  },
);
