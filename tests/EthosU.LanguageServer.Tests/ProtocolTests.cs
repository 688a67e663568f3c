using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EthosU.LanguageServer.Features;
using StreamJsonRpc;
using Xunit;

namespace EthosU.LanguageServer.Tests;

/// <summary>What server, extension and pages exchange is declared twice, in C# and in TypeScript; the two say the same.</summary>
public class ProtocolTests
{
    private static readonly ProtocolFile Client = new();

    /// <summary>The server's records, by the client's name: without <c>View</c> where the client has no such interface.</summary>
    private static readonly Dictionary<string, Type> Records = typeof(ViewJson).GetProperties()
        .Select(property => property.PropertyType)
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(JsonTypeInfo<>))
        .Select(type => type.GetGenericArguments()[0])
        .Where(type => type.Assembly == typeof(ViewJson).Assembly)
        .ToDictionary(NameOf);

    public static TheoryData<string> Names => [.. Records.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Both_have_the_same_types() =>
        Assert.Equal(Records.Keys.Order(StringComparer.Ordinal), Client.Interfaces.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_type_has_the_same_members(string name)
    {
        Assert.True(Client.Interfaces.TryGetValue(name, out ProtocolMember[]? client),
            $"client/shared/protocol.ts has no interface {name}");
        ParameterInfo[] parameters = Records[name].GetConstructors().Single().GetParameters();
        NullabilityInfoContext context = new();
        ProtocolMember[] server =
            [.. parameters.Select(parameter => Member(context, parameter)).OrderBy(member => member.Name, StringComparer.Ordinal)];
        // The client may promise to send what the server could do without.
        if (name.EndsWith("Params", StringComparison.Ordinal))
            server = [.. server
                .Select(member => client.FirstOrDefault(one => one.Name == member.Name) is { IsNullable: false }
                ? member with { IsNullable = false } : member)];
        Assert.Equal(server, client);
    }

    [Fact]
    public void Both_have_the_same_methods()
    {
        IEnumerable<string> answered = typeof(ViewJson).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<JsonRpcMethodAttribute>()?.Name).OfType<string>()
            .Where(name => name.StartsWith("ethosu/", StringComparison.Ordinal));
        Assert.Equal(answered.Append("ethosu/modelChanged").Order(StringComparer.Ordinal), Client.Methods);
    }

    private static ProtocolMember Member(NullabilityInfoContext context, ParameterInfo parameter)
    {
        NullabilityInfo info = context.Create(parameter);
        return new(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), TypeScript(info), IsNullable(info)
            || parameter is { HasDefaultValue: true, ParameterType.IsValueType: true });
    }

    private static string TypeScript(NullabilityInfo info)
    {
        Type type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            NullabilityInfo element = info.GenericTypeArguments[0];
            return IsNullable(element) ? $"({TypeScript(element)} | null)[]" : $"{TypeScript(element)}[]";
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return $"Record<{TypeScript(info.GenericTypeArguments[0])}, {TypeScript(info.GenericTypeArguments[1])}>";
        return type == typeof(string) ? "string"
            : type == typeof(bool) ? "boolean"
            : type == typeof(int) || type == typeof(long) || type == typeof(double) ? "number"
            : type == typeof(JsonNode) ? "string | number"
            : NameOf(type);
    }

    private static bool IsNullable(NullabilityInfo info) => info.ReadState == NullabilityState.Nullable;

    private static string NameOf(Type type) =>
        Client.Interfaces.ContainsKey(type.Name) || !type.Name.EndsWith("View", StringComparison.Ordinal) ? type.Name
        : type.Name[..^"View".Length];
}
