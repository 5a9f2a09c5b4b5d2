// The table of docs/numa.md: `npm run numa-table`.
import { NUMA_CASES, numaTable } from '../dist/simulate/numa-table.js';

console.log(numaTable(NUMA_CASES));
