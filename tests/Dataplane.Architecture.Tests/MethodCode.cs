using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Dataplane.Architecture.Tests;

/// <summary>The instructions of an assembly's methods, as far as they refer to other methods.</summary>
internal sealed class MethodCode(PEReader file)
{
    private static readonly FrozenDictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToFrozenDictionary(c => c.Value);

    private readonly MetadataReader _metadata = file.GetMetadataReader();
    private readonly Dictionary<MethodDefinitionHandle, (OpCode Code, EntityHandle Method)[]> _read = [];

    public IEnumerable<MethodDefinitionHandle> Methods => _metadata.MethodDefinitions;

    /// <summary>The methods that a method calls, or makes delegates of.</summary>
    public IEnumerable<EntityHandle> References(MethodDefinitionHandle method) => Read(method).Select(r => r.Method);

    /// <summary>The methods of this assembly that it makes delegates of.</summary>
    public IEnumerable<MethodDefinitionHandle> Delegates(MethodDefinitionHandle method) =>
        Read(method).Where(r => r.Code == OpCodes.Ldftn)
            .Select(r => Definition(r.Method)).OfType<MethodDefinitionHandle>();

    /// <summary>Null: it is another assembly's.</summary>
    public MethodDefinitionHandle? Definition(EntityHandle method) => Unwrap(method) switch
    {
        { Kind: HandleKind.MethodDefinition } defined => (MethodDefinitionHandle)defined,
        // A method of an instance of one of our generic types.
        { Kind: HandleKind.MemberReference } member when AssemblyOf(member) is null =>
            Methods.Cast<MethodDefinitionHandle?>()
            .FirstOrDefault(m => NameOf(m!.Value) == NameOf(member) && TypeName(m.Value) == TypeName(member)),
        _ => null,
    };

    /// <param name="name">Null: any of the type's.</param>
    public bool IsMethod(EntityHandle method, string type, string? name) =>
        TypeName(Unwrap(method)) == type && (name is null || NameOf(Unwrap(method)) == name);

    public string Name(MethodDefinitionHandle method) => $"{TypeName(method)}.{NameOf(method)}";

    /// <summary>The assembly of the method's type; null: this one.</summary>
    public string? AssemblyOf(EntityHandle method) =>
        TypeOf(Unwrap(method)) is { IsNil: false, Kind: HandleKind.TypeReference } type
        && Outermost(_metadata.GetTypeReference((TypeReferenceHandle)type)).ResolutionScope
            is { Kind: HandleKind.AssemblyReference } scope
        ? _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)
        : null;

    private TypeReference Outermost(TypeReference type)
    {
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            type = _metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return type;
    }

    private EntityHandle Unwrap(EntityHandle method) => method.Kind == HandleKind.MethodSpecification
        ? _metadata.GetMethodSpecification((MethodSpecificationHandle)method).Method
        : method;

    private string NameOf(EntityHandle method) => method.Kind == HandleKind.MethodDefinition
        ? _metadata.GetString(_metadata.GetMethodDefinition((MethodDefinitionHandle)method).Name)
        : _metadata.GetString(_metadata.GetMemberReference((MemberReferenceHandle)method).Name);

    /// <summary>The definition or the reference; of an instance of a generic type, that type's.</summary>
    private EntityHandle TypeOf(EntityHandle method)
    {
        var type = method.Kind == HandleKind.MethodDefinition
            ? _metadata.GetMethodDefinition((MethodDefinitionHandle)method).GetDeclaringType()
            : _metadata.GetMemberReference((MemberReferenceHandle)method).Parent;
        if (type.Kind != HandleKind.TypeSpecification) return type;
        // ELEMENT_TYPE_GENERICINST, class or value type, then the type (ECMA-335, II.23.2.12).
        var blob = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        return blob.ReadSignatureTypeCode() == SignatureTypeCode.GenericTypeInstance && blob.ReadByte() is 0x11 or 0x12
            ? blob.ReadTypeHandle()
            : default;
    }

    private string TypeName(EntityHandle method) => TypeOf(method) switch
    {
        { Kind: HandleKind.TypeDefinition } t =>
            _metadata.GetString(_metadata.GetTypeDefinition((TypeDefinitionHandle)t).Name),
        { IsNil: false, Kind: HandleKind.TypeReference } t =>
            _metadata.GetString(_metadata.GetTypeReference((TypeReferenceHandle)t).Name),
        _ => "",
    };

    private (OpCode Code, EntityHandle Method)[] Read(MethodDefinitionHandle method)
    {
        if (!_read.TryGetValue(method, out var found))
            _read[method] = found = [.. Decode(_metadata.GetMethodDefinition(method))];
        return found;
    }

    private List<(OpCode Code, EntityHandle Method)> Decode(MethodDefinition method)
    {
        var found = new List<(OpCode, EntityHandle)>();
        if (method.RelativeVirtualAddress == 0) return found;
        var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
        while (code.RemainingBytes > 0)
        {
            short value = code.ReadByte();
            // Two bytes: the first is 0xfe.
            var operation = Codes[value == 0xfe ? unchecked((short)(0xfe00 | code.ReadByte())) : value];
            switch (operation.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineTok:
                    var handle = MetadataTokens.EntityHandle(code.ReadInt32());
                    if (handle.Kind is HandleKind.MethodDefinition or HandleKind.MethodSpecification
                        || (handle.Kind == HandleKind.MemberReference
                            && _metadata.GetMemberReference((MemberReferenceHandle)handle)
                                .GetKind() == MemberReferenceKind.Method))
                    {
                        found.Add((operation, handle));
                    }
                    break;
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineVar: code.Offset += 2; break;
                case OperandType.InlineI8 or OperandType.InlineR: code.Offset += 8; break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default: code.Offset += 4; break;
            }
        }
        return found;
    }
}
