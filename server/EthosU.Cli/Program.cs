using EthosU.Cli;

return EthosuCommand.Run(args, Console.Out, Console.Error);
