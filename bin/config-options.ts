import type { Command } from 'commander';
import { loadConfig } from '../platform/config/load.ts';
import type { Config } from '../platform/config/schema.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly data?: string;
}

/** The options of every command that needs the configuration. */
export function configOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration file (YAML)')
    .option('-d, --data <dir>', 'directory that holds all state; wins over the configuration');
}

/** Configuration of the file, the environment and the options, in this order. */
export function readConfig(options: ConfigOptions): Config {
  const config = loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    environment: process.env,
  });
  return options.data === undefined ? config : { ...config, data: options.data };
}
