using System.Globalization;
using EthosU.Graphs;

namespace EthosU.LanguageServer.Features;

/// <summary>Ids of nodes in the graph page: their numbers in the graph's order.</summary>
internal static class GraphIds
{
    /// <summary>The id of a node.</summary>
    public static string Of(Node node, Graph graph) => Of(graph.Nodes.IndexOf(node));

    /// <summary>The id of the node of a number.</summary>
    public static string Of(int index) => string.Create(CultureInfo.InvariantCulture, $"n{index}");

    /// <summary>The number of an id; null if it is no node's.</summary>
    public static int? Number(string id) =>
        id.StartsWith('n') && int.TryParse(id.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : null;

    /// <summary>The node of an id; null if there is none.</summary>
    public static Node? Find(string id, Graph graph) =>
        Number(id) is { } index && index < graph.Nodes.Length ? graph.Nodes[index] : null;
}
