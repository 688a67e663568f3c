using System.Collections.Immutable;
using EthosU.LanguageServer.Python.Lexing;

namespace EthosU.LanguageServer.Python.Fixes;

/// <summary>How calls of a function can be changed.</summary>
/// <param name="Function">Its full name.</param>
/// <param name="Operators">
/// The operators that it becomes, in ONNX's and TensorFlow Lite's spelling; a problem of one of them is answered.
/// </param>
/// <param name="Title">What the change does, behind the name of what is changed.</param>
/// <param name="Change">The changes of one call; null where it is not sure what it does.</param>
internal sealed record CallFix(string Function, ImmutableArray<string> Operators, string Title,
    Func<PythonCode, PythonCall, ImmutableArray<TextChange>?> Change);
