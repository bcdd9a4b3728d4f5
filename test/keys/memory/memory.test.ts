import { keyBookContract } from '../contract';
import { MemorySegments, type Shelf } from './memory-segments';

keyBookContract('segments in memory', async () => {
  const shelf: Shelf = new Map();
  return { open: async () => new MemorySegments(shelf), close: async () => undefined };
});
