using Mono.Cecil;

namespace Dataplane.Architecture.Tests;

/// <summary>A type of a project: the folder that its namespace names, without the project, and its name.</summary>
internal readonly record struct RoomType(string Folder, string Name);

/// <summary>
/// Which types of an assembly use which others of it: bases, interfaces, fields, signatures, attributes, local
/// variables and instructions. Constants leave no trace in compiled code.
/// </summary>
internal sealed class TypeUses
{
    private readonly string _project;
    private readonly RoomType _user;
    private readonly HashSet<(RoomType User, RoomType Used)> _found;

    private TypeUses(string project, TypeDefinition user, HashSet<(RoomType User, RoomType Used)> found) =>
        (_project, _user, _found) = (project, Room(project, user), found);

    /// <summary>Types inside others count as the type around them.</summary>
    public static IReadOnlySet<(RoomType User, RoomType Used)> Within(string project)
    {
        var found = new HashSet<(RoomType, RoomType)>();
        using var assembly = AssemblyDefinition.ReadAssembly(AssemblyTests.PathOf(project));
        foreach (var type in assembly.MainModule.Types.Where(t => IsOurs(project, t)))
            new TypeUses(project, type, found).Type(type);
        return found;
    }

    private static bool IsOurs(string project, TypeReference type) =>
        type.Namespace == project || type.Namespace.StartsWith(project + ".", StringComparison.Ordinal);

    private static RoomType Room(string project, TypeReference type) =>
        new(type.Namespace.Length == project.Length ? "" : type.Namespace[(project.Length + 1)..], type.Name);

    private void Type(TypeDefinition type)
    {
        Use(type.BaseType);
        Attributes(type);
        foreach (var implemented in type.Interfaces) Use(implemented.InterfaceType);
        foreach (var field in type.Fields)
        {
            Use(field.FieldType);
            Attributes(field);
        }
        foreach (var method in type.Methods) Method(method);
        foreach (var inner in type.NestedTypes) Type(inner);
    }

    private void Method(MethodDefinition method)
    {
        Signature(method);
        Attributes(method);
        if (!method.HasBody) return;
        foreach (var variable in method.Body.Variables) Use(variable.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers) Use(handler.CatchType);
        foreach (var instruction in method.Body.Instructions) Operand(instruction.Operand);
    }

    private void Operand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type:
                Use(type);
                break;
            case FieldReference field:
                Use(field.DeclaringType);
                Use(field.FieldType);
                break;
            case MethodReference method:
                Use(method.DeclaringType);
                Signature(method);
                if (method is GenericInstanceMethod generic)
                    foreach (var argument in generic.GenericArguments) Use(argument);
                break;
        }
    }

    private void Signature(MethodReference method)
    {
        Use(method.ReturnType);
        foreach (var parameter in method.Parameters) Use(parameter.ParameterType);
    }

    private void Attributes(ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes) Use(attribute.AttributeType);
    }

    private void Use(TypeReference? type)
    {
        if (type is GenericInstanceType generic)
            foreach (var argument in generic.GenericArguments) Use(argument);
        if (type is TypeSpecification specification)
        {
            Use(specification.ElementType);
            return;
        }
        if (type is null or GenericParameter) return;
        while (type.DeclaringType is { } outer) type = outer;
        if (type.Scope == type.Module && IsOurs(_project, type) && Room(_project, type) is var used && used != _user)
            _found.Add((_user, used));
    }
}
