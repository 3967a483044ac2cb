using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>What a kind of line is called on the wire.</summary>
internal sealed class KindAttribute() : OneOfAttribute([.. WireName<CreditEntryKind>.All]);
