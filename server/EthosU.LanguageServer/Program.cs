using EthosU.LanguageServer;
using EthosU.LanguageServer.Hosting;

// Standard output belongs to the protocol: nothing else may write there.
using Stream input = Console.OpenStandardInput();
using Stream output = Console.OpenStandardOutput();
Console.SetOut(TextWriter.Null);
return await LanguageServerProcess.RunAsync(input, output, new ServerLog(Console.Error));
