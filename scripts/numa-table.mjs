// The table of docs/numa.md: `npm run numa-table`.
import { numaTable } from '../dist/simulate/numa-table.js';

const cases = [2, 4].flatMap((nodes) => [64, 256, 1024, 4096].map((threads) => ({ threads, nodes })));
console.log(numaTable([...cases, ...[64, 4096].map((threads) => ({ threads, nodes: 2, uneven: true }))]));
