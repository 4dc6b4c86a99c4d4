using System.Text.Json;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Operation;

/// <summary>The document of <c>doctor -o json</c>.</summary>
internal static class DoctorJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Finding> findings)
    {
        json.WriteStartObject();
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", JsonNamingPolicy.CamelCase.ConvertName(finding.Severity.ToString()));
            json.WriteString("what", finding.What);
            json.WriteString("fix", finding.Fix);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("failed", findings.Count(f => f.Severity == FindingSeverity.Failed));
        json.WriteEndObject();
    }
}
