using System.Text.Json.Serialization;

namespace Portal.Simulator.Calls;

/// <summary>The two calls of the provider's document, sections 2 and 3.</summary>
internal enum CallKind
{
    [JsonStringEnumMemberName("send")] Send,
    [JsonStringEnumMemberName("verifCodeSend")] VerifCodeSend,
}
