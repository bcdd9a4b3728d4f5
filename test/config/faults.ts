import { loadConfig, type ConfigError } from '../../src/config/config';

/** Faults that are told of settings; none for sound ones. */
export const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
};
