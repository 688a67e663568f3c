using System.Collections.Immutable;

namespace EthosU.LanguageServer.Python.Fixes;

/// <summary>A change of a script that answers a problem.</summary>
/// <param name="Title">What it does, and what is to be done then: <c>Replace nn.SiLU by nn.Hardswish (retrain)</c>.</param>
/// <param name="Changes">The changes, apart from each other.</param>
internal sealed record ScriptFix(string Title, ImmutableArray<TextChange> Changes);
